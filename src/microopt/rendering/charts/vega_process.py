"""The program of the process that draws charts; see `vega`.

It is run by its path and imports vl-convert alone. Each line of its input is a chart as JSON, and each line that it
answers is either the SVG or what is wrong with the chart.
"""

from __future__ import annotations

import json
import re
import signal
import sys

# Drawn before the first chart arrives, since the engine takes half a second to start.
SMALLEST = '{"data": {"values": [{"a": 1}]}, "mark": "bar", "encoding": {"x": {"field": "a", "type": "quantitative"}}}'
CLIP_NAME = re.compile(r"(?<=url\(#)clip\d+(?=\))|(?<=id=\")clip\d+(?=\")")


def main() -> None:
    """Draw charts until the input ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the process that started this one
    from vl_convert import vegalite_to_svg

    vegalite_to_svg(SMALLEST, allowed_base_urls=[])
    for line in sys.stdin.buffer:
        try:
            answer = {"svg": renumber_clips(vegalite_to_svg(line.decode("utf-8"), allowed_base_urls=[]))}
        except (ValueError, TypeError) as error:
            answer = {"error": str(error)[:300]}
        sys.stdout.buffer.write(json.dumps(answer).encode("ascii") + b"\n")
        sys.stdout.buffer.flush()


def renumber_clips(svg: str) -> str:
    """Return an image whose clip paths are counted from 0: the engine keeps counting from image to image."""
    numbers = {name: f"clip{number}" for number, name in enumerate(dict.fromkeys(CLIP_NAME.findall(svg)))}
    return CLIP_NAME.sub(lambda found: numbers[found[0]], svg)


if __name__ == "__main__":
    main()
