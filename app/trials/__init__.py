"""The shop bench: scripted customers at real stores' catalogues, judged by what the database holds in the end.

`scenarios/*.toml` are the customers, `scenario.py` reads them, `casting.py` sets one up at a store, `playing.py` lets
it talk to the assistant, `record.py` reads what came of it, `judging.py` says what is wrong with that, `scores.py` adds
up. All of it happens in a database of its own (`scratch.py`) that is dropped afterwards. The reading of amounts and
claims here shares nothing with the assistant's own proof: what one overlooks, the other may find.
"""
