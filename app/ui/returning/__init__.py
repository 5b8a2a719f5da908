"""Trả kết quả: the slip is scanned, the identity checked, the fee taken, the receipt signed."""
