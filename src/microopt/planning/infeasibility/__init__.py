"""Why a campaign has no plan, and the smallest changes that give it one."""
