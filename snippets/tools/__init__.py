"""Files that a reader downloads, each whole: nothing here imports anything of this project."""
