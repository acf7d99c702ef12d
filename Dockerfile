# One image for web, worker and release: the command says which.
FROM python:3.11-slim-bookworm

ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /srv/lead-orchestrator

COPY requirements.txt .
RUN pip install -r requirements.txt && useradd --system --home /srv/lead-orchestrator orchestrator

COPY . .
USER orchestrator
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=20s \
    CMD ["python", "-c", "import os, urllib.request; urllib.request.urlopen(f'http://127.0.0.1:{os.environ.get(\"PORT\", 8000)}/api/health')"]
CMD ["gunicorn", "-c", "gunicorn.conf.py", "wsgi:app"]
