"""What page, workbook, slides and pictures all say of a plan: sentences and figures in a language, without markup."""
