# Each by the digest of its list of platforms, so that a build can be repeated; others by --build-arg. A newer one of a tag, for its fixes:
# skopeo inspect --format '{{.Digest}}' docker://docker.io/library/eclipse-temurin:25-jre
ARG BUILD_BASE=maven:3.9-eclipse-temurin-25@sha256:93b8a14ea2f412782e4e842651273b4d903e35cc496284f178fbbe2d67d00976
ARG RUN_BASE=eclipse-temurin:25-jre@sha256:fcd7fd7b387f94bb2ac461478a7436ad8e349924c374ea8313919624dceae636

FROM ${BUILD_BASE} AS build
WORKDIR /src
COPY LICENSE pom.xml ./
COPY openapi ./openapi
COPY helm/tokentropy/README.md ./helm/tokentropy/
COPY src ./src
RUN mvn -q -B -ntp -DskipTests -Dmaven.test.skip=true -Dskip.format=true package \
 && java -Djarmode=tools -jar target/tokentropy-*.jar extract --layers --destination /layers \
 && mv /layers/application/tokentropy-*.jar /layers/application/tokentropy.jar
# The embedding library brings what it needs on macOS and Windows too, which is more than half of it.
WORKDIR /onnxruntime
RUN jar -xf /layers/dependencies/lib/onnxruntime-*.jar \
 && rm -r ai/onnxruntime/native/osx-* ai/onnxruntime/native/win-* \
 && jar -c -M --date=2000-01-01T00:00:00Z -f "$(ls /layers/dependencies/lib/onnxruntime-*.jar)" .

FROM ${RUN_BASE}
LABEL org.opencontainers.image.title=tokentropy \
      org.opencontainers.image.description="Entropy, truncation and uncertainty of token distributions, over HTTP" \
      org.opencontainers.image.licenses=Apache-2.0
WORKDIR /app
# Natives unpack into /tmp, which may be all that can be written.
ENV SERVER_ADDRESS=0.0.0.0 MANAGEMENT_SERVER_PORT=8081
COPY --from=build /layers/dependencies/ ./
COPY --from=build /layers/application/ ./
COPY src/bin/jvm.flags src/build/train-aot ./
# The classes that real requests load, archived by the very JVM that will use them.
RUN chmod a+r jvm.flags && bash ./train-aot && rm train-aot
# Or any other uid, with group 0 as OpenShift has it: everything here is read by all, and nothing but /tmp is written.
USER 10001:10001
EXPOSE 8080 8081
STOPSIGNAL SIGTERM
ENTRYPOINT ["java", "@jvm.flags", "-XX:AOTCache=tokentropy.aot", "-jar", "tokentropy.jar"]
