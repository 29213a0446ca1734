"""Reads figures on stdin by Prometheus' own parsers (python3-prometheus-client) and writes them as JSON: read-figures.py text|openmetrics"""
import json
import sys

from prometheus_client.openmetrics.parser import text_string_to_metric_families as read_openmetrics
from prometheus_client.parser import text_string_to_metric_families as read_text

read = {"text": read_text, "openmetrics": read_openmetrics}[sys.argv[1]]
families = [
    {"name": family.name, "type": family.type, "unit": family.unit, "samples": [{"name": s.name, "labels": s.labels, "value": s.value} for s in family.samples]}
    for family in read(sys.stdin.read())
]
json.dump(families, sys.stdout)
