"""What is due and who carries it: the home screen and the leader's."""
