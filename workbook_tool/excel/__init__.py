"""Workbooks: building ours, reading whatever comes back. Nothing else imports a workbook library."""
