# A server of llama.cpp with the two models of src/test/resources/models, to try the gateway with. Not a part of the product.
# The base is the Dockerfile's, which has a package manager; Python is Ubuntu's, the server PyPI's.
ARG RUN_BASE=eclipse-temurin:25-jre@sha256:fcd7fd7b387f94bb2ac461478a7436ad8e349924c374ea8313919624dceae636
FROM ${RUN_BASE}
WORKDIR /srv
COPY src/ci/llamacpp-requirements.txt ci/
RUN apt-get update -q \
 && apt-get install -y -q --no-install-recommends python3 python3-venv libgomp1 \
 && rm -rf /var/lib/apt/lists/* \
 && python3 -m venv venv \
 && venv/bin/pip install -q --no-cache-dir --disable-pip-version-check -r ci/llamacpp-requirements.txt
COPY src/ci/llamacpp_pair.py ci/
COPY src/test/resources/models/ test/resources/models/
USER 10001:10001
EXPOSE 8080
ENTRYPOINT ["venv/bin/python", "ci/llamacpp_pair.py"]
