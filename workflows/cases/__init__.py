"""Cases: reports, parties, contacts, appointments, agreements and what the office keeps of them."""
