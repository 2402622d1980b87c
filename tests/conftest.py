"""What every test may ask for. Each room adds its own fixtures in its own files."""

pytest_plugins = ["tests.databases", "tests.ledgers", "tests.office"]
