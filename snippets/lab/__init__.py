"""How anything is measured, drawn and put on a page; knows no guide and no experiment."""
