"""Forms: what officials may type, checked before a service sees it."""
