"""The composition root: from settings to a running installation. Nothing below imports it."""
