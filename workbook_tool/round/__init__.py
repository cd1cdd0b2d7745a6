"""One collection round: roster, workbooks issued, what came back, who owes what, and the letters."""
