"""The law on personal data (Luật 91/2025/QH15): consents, requests, terms, export, breach sheet."""
