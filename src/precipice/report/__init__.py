"""What a person looks at: timeline, tables, pictures, files."""
