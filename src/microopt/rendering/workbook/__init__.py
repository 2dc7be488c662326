"""The sheets of a plan's workbook, one module per sheet; `microopt.rendering.workbook.workbook` binds them."""
