"""Screen Chứng thực: the certified-copy lane, one row a job."""
