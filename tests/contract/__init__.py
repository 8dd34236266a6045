"""The rules that every notebook keeps."""
