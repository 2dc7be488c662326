"""What the cells of any column say: texts, lists, and phrases with amounts."""
