"""Fees: tariff, receipts, debts, the cash box at day's end."""
