"""From storage to pictures: what a chart is asked for, read and put into a series."""
