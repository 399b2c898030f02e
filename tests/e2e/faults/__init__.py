"""Load, kills and a checker over what they recorded: nothing acknowledged is lost, nothing is answered twice."""
