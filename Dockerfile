FROM python:3.13-slim-bookworm AS build
COPY . /src
RUN python -I -m venv /opt/packlint \
  && /opt/packlint/bin/python -I -m pip install --no-cache-dir --disable-pip-version-check /src

FROM python:3.13-slim-bookworm
COPY --from=build /opt/packlint /opt/packlint
# What is mounted may be anybody's and need not be writable: packlint writes only the reports it is asked for.
USER 65532:65532
# No container keeps what a run would keep for the next one.
ENV PATH=/opt/packlint/bin:$PATH \
  PACKLINT_NO_CACHE=1 \
  PYTHONDONTWRITEBYTECODE=1
WORKDIR /work
ENTRYPOINT ["packlint"]
CMD ["check"]
