"""The JSON objects that microopt writes, each defined once, as frozen structs and pure functions to them."""
