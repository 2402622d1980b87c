"""The conflict work: cases, people, the shipped diagrams and forms, inbox, access, notices."""
