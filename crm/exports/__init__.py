"""Lists as files: CSV and XLSX, under the access of whoever takes them out."""
