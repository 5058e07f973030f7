"""Weather that somebody measured or forecast: files of several formats, read into one kind of sounding."""
