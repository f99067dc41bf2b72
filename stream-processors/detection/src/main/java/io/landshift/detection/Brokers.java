package io.landshift.detection;

import io.landshift.schemas.FailureReason;
import io.landshift.schemas.LandshiftException;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.KafkaException;

/**
 * Asks whether brokers answer before something waits for them: Kafka's clients look for one for a
 * minute, and go on calling. Stateless; leaves no client behind.
 */
public final class Brokers {
  private static final int PATIENCE_MILLIS = 5_000;

  private Brokers() {}

  /**
   * How many topics the brokers have.
   *
   * @param bootstrap {@code host:port,...}
   * @param advice what to do, or what happens, where none answers
   * @throws LandshiftException SERVICE_UNAVAILABLE where none does within seconds
   */
  public static int topics(String bootstrap, String advice) {
    try (Admin admin =
        Admin.create(
            Map.of(
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG,
                bootstrap,
                AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG,
                PATIENCE_MILLIS,
                AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                PATIENCE_MILLIS))) {
      return admin.listTopics().names().get(2L * PATIENCE_MILLIS, TimeUnit.MILLISECONDS).size();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw silent(bootstrap, advice, e);
    } catch (ExecutionException | TimeoutException | KafkaException e) {
      throw silent(bootstrap, advice, e);
    }
  }

  private static LandshiftException silent(String bootstrap, String advice, Exception cause) {
    return new LandshiftException(
        FailureReason.SERVICE_UNAVAILABLE, "no Kafka at " + bootstrap + "; " + advice, cause);
  }
}
