package io.landshift.ops.local;

import io.landshift.ingest.catalog.ScenePublisher;
import io.landshift.ingest.catalog.SceneSource;
import io.landshift.schemas.wire.EventCodec;
import java.time.Clock;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerConfig;

/** Announces the scenes of a source to a broker. */
public final class Announcer {
  private Announcer() {}

  /**
   * Reads the source to its end, or until it is closed where it is watched.
   *
   * @return what was announced
   */
  public static ScenePublisher.Counts announce(
      SceneSource source, String bootstrap, EventCodec codec) {
    try (ScenePublisher publisher =
        ScenePublisher.open(
            Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap),
            source.location(),
            codec,
            Clock.systemUTC(),
            Version.TEXT)) {
      source.read(publisher);
      publisher.flush();
      return publisher.counts();
    }
  }
}
