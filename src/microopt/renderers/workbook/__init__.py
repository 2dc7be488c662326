"""The sheets of a plan's workbook, one a module; `microopt.renderers.plan_xlsx` binds them."""
