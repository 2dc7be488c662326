"""The report of a plan: what a page or a workbook shows of it besides the plan itself."""
