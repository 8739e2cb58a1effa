"""Layers as QGIS draws them, without a screen."""

import os
import sys
from collections import Counter
from contextlib import contextmanager

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from qgis.core import QgsApplication, QgsMapRendererParallelJob, QgsMapSettings, QgsProject, QgsRectangle
from qgis.PyQt.QtCore import QSize
from qgis.PyQt.QtGui import QColor

WIDTH = HEIGHT = 1000
BACKGROUND = (255, 255, 255)


@contextmanager
def qgis():
    """A running QGIS application without a window."""
    application = QgsApplication([], False)
    application.initQgis()
    try:
        yield application
    finally:
        QgsProject.instance().clear()
        sys.stdout.flush()
        application.exitQgis()


def draw(layers, path, extent=None):
    """Draws layers, the first on top, into a PNG, and counts the pixels of each colour."""
    if extent is None:
        extent = QgsRectangle(layers[0].extent())
        extent.scale(1.05)
    settings = QgsMapSettings()
    settings.setLayers(layers)
    settings.setDestinationCrs(layers[0].crs())
    settings.setExtent(extent)
    settings.setOutputSize(QSize(WIDTH, HEIGHT))
    settings.setBackgroundColor(QColor(*BACKGROUND))
    job = QgsMapRendererParallelJob(settings)
    job.start()
    job.waitForFinished()
    assert not job.errors(), [error.message for error in job.errors()]
    image = job.renderedImage()
    path.parent.mkdir(parents=True, exist_ok=True)
    assert image.save(str(path)), path
    image = image.convertToFormat(image.Format_RGB888)
    bits = image.constBits()
    bits.setsize(image.sizeInBytes())
    data, stride = bytes(bits), image.bytesPerLine()
    pixels = Counter()
    for row in range(HEIGHT):
        line = data[row * stride : row * stride + 3 * WIDTH]
        pixels.update(zip(line[0::3], line[1::3], line[2::3]))
    drawn = sum(pixels.values()) - pixels[BACKGROUND]
    assert drawn > 50 and len(pixels) > 1, f"{path}: almost nothing is drawn: {drawn} pixels"
    return pixels


def near(pixels, colour, off=24):
    """The number of pixels whose channels differ by at most `off` from a colour, given as #RRGGBB."""
    channels = [int(colour[at : at + 2], 16) for at in (1, 3, 5)]
    close = lambda pixel: all(abs(one - other) <= off for one, other in zip(pixel, channels))
    return sum(count for pixel, count in pixels.items() if close(pixel))
