"""What the fields say that air and wind share when they come from a file."""

FILE = "path of the weather file, relative to the scenario file."
TIME = "Time in the file, UTC where it says no zone; without it, date and time of the site."
LATITUDE = "Place in the file; without it, the site's latitude."
LONGITUDE = "Place in the file; without it, the site's longitude."
STATION = "Station in the file, for files with several."
