"""Why a creator is or is not in the plan, and their break-even fee."""
