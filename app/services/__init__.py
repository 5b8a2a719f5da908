"""One module per act at the counter; each checks who acts and writes its records in one commit."""
