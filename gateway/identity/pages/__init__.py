"""The pages a browser sees while signing in: plain HTML, no script, no outside asset, Chinese before
English."""
