"""What commands, extensions and tests share: notebooks, cells, planted changes, measurements."""
