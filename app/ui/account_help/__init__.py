"""Hỗ trợ tài khoản: the citizen types every secret on their own telephone, the officer shows the way."""
