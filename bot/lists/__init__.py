"""A chat's list as a file: written, read again, and compared with what there is. Pure."""
