FROM python:3.13-slim-bookworm AS build
COPY . /src
# The last step fills the cache, which no container could keep.
RUN python -I -m venv /opt/packlint \
  && /opt/packlint/bin/python -I -m pip install --no-cache-dir --disable-pip-version-check /src \
  && echo 'packer {}' > /opt/any.pkr.hcl \
  && PACKLINT_CACHE_DIR=/opt/cache /opt/packlint/bin/packlint check --select syntax-error /opt/any.pkr.hcl

FROM python:3.13-slim-bookworm
COPY --from=build /opt/packlint /opt/packlint
COPY --from=build --chown=65532:65532 /opt/cache /opt/cache
# What is mounted may be anybody's and need not be writable: packlint writes only the reports it is asked for.
USER 65532:65532
ENV PATH=/opt/packlint/bin:$PATH \
  PACKLINT_CACHE_DIR=/opt/cache \
  PYTHONDONTWRITEBYTECODE=1
WORKDIR /work
ENTRYPOINT ["packlint"]
CMD ["check"]
