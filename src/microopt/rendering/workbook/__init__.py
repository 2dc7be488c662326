"""The sheets of a plan's workbook, one a module; `microopt.rendering.workbook.workbook` binds them."""
