"""What a deployment sets: its settings, its definitions and the demo's documents."""
