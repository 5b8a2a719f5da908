"""Screen "Thu tiền – quỹ": receipts of a day, cancelling one, counting the box, the day sheet."""
