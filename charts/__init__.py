"""Values in, pictures out: matplotlib figures drawn without pyplot.

It may import the `model` modules of other folders. To add a chart, write
`charts/<what>.py` with a `chart.Chart` and list it in `registry.py`.
"""
