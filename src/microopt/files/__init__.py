"""What a command reads and writes: each file of the user is read through `reading`, and none is then replaced."""
