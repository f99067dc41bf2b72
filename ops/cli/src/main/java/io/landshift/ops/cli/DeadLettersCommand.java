package io.landshift.ops.cli;

import io.landshift.ops.local.DeadLetterBox;
import io.landshift.ops.local.DeadLetterReplay;
import io.landshift.ops.local.StoredLetter;
import io.landshift.schemas.DeadLetter;
import io.landshift.schemas.FailureReason;
import java.io.PrintWriter;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows what could not be processed or was not believed, and gives it another chance. */
@Command(
    name = "dead-letters",
    description = {
      "Shows what could not be processed and which scenes were not believed, with what was measured,"
          + " and gives it another chance.",
      "",
      "`list` shows the letters with their numbers, `show` one of them in full, `replay` announces"
          + " its scene again once the cause is removed, `release` announces a quarantined scene"
          + " again so that it is not stopped for that finding. No letter is ever deleted."
    },
    subcommands = {CommandLine.HelpCommand.class})
final class DeadLettersCommand implements Runnable {
  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @Override
  public void run() {
    throw new CommandLine.ParameterException(
        spec.commandLine(), "say what to do: list, show, replay or release");
  }

  /** Lists letters. */
  @Command(
      name = "list",
      description = {
        "Lists the letters, oldest first, each with its message and what was measured.",
        "What has become of each: open; replayed; repeated by a later letter; resolved, because the"
            + " scene was processed after all; superseded by a newer generation or record."
      })
  int list(
      @Mixin Broker broker,
      @Option(
              names = "--reason",
              split = ",",
              description = "Only these: ${COMPLETION-CANDIDATES}.")
          @Nullable List<FailureReason> reasons,
      @Option(names = "--grid", paramLabel = "CODE", description = "Only of this grid.")
          @Nullable String grid,
      @Option(
              names = "--stage",
              paramLabel = "NAME",
              description =
                  "Only of this stage: publish, decode, release, plan, encode, fold, assemble, track, subscribe.")
          @Nullable String stage,
      @Option(
              names = "--since",
              paramLabel = "TIME",
              description =
                  "Only from this date or time (UTC) on: 2026-11-27, 2026-11-27T12:00:00Z.")
          @Nullable String since,
      @Option(names = "--pending", description = "Only those that are open or replayed.")
          boolean pending,
      @Option(names = "--json", description = "One JSON object a line.") boolean json) {
    Instant from = since == null ? Instant.MIN : instant(since);
    PrintWriter out = spec.commandLine().getOut();
    List<StoredLetter> letters =
        DeadLetterBox.read(broker.bootstrap(), broker.codec()).letters().stream()
            .filter(each -> isWanted(each.letter(), reasons, grid, stage, from))
            .filter(each -> !pending || each.isPending())
            .toList();
    letters.forEach(each -> out.println(json ? LetterText.json(each) : LetterText.lines(each)));
    if (!json) {
      out.printf("%d letters%n", letters.size());
    }
    return ExitCode.OK;
  }

  private static boolean isWanted(
      DeadLetter letter,
      @Nullable List<FailureReason> reasons,
      @Nullable String grid,
      @Nullable String stage,
      Instant from) {
    return (reasons == null || reasons.contains(letter.getReason()))
        && (grid == null || grid.equals(letter.getGridCode()))
        && (stage == null || stage.equals(letter.getStage()))
        && !letter.getFailedAt().isBefore(from);
  }

  private Instant instant(String text) {
    try {
      return text.contains("T")
          ? Instant.parse(text)
          : LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant();
    } catch (DateTimeParseException e) {
      throw new CommandLine.ParameterException(
          spec.commandLine(), "--since takes 2026-11-27 or 2026-11-27T12:00:00Z, not " + text, e);
    }
  }

  /** Shows a letter. */
  @Command(
      name = "show",
      description = "Shows a letter in full, with the scene or record it is about.")
  int show(
      @Mixin Broker broker,
      @Parameters(paramLabel = "N", description = "The letter's number.") long number,
      @Option(names = "--json", description = "As one JSON object.") boolean json) {
    StoredLetter letter = DeadLetterBox.read(broker.bootstrap(), broker.codec()).letter(number);
    spec.commandLine().getOut().println(json ? LetterText.json(letter) : LetterText.full(letter));
    return ExitCode.OK;
  }

  /** Replays letters. */
  @Command(
      name = "replay",
      description = {
        "Announces the scene of each letter again, or sends its record to its topic again.",
        "What was replayed before, or has been processed since, is left alone."
      })
  int replay(
      @Mixin Broker broker,
      @Parameters(arity = "1..*", paramLabel = "N", description = "Numbers of letters.")
          List<Long> numbers) {
    return each(broker, numbers, DeadLetterReplay::replay);
  }

  /** Releases letters. */
  @Command(
      name = "release",
      description = {
        "Announces the quarantined scene of each letter again, accepting what was found: it is not"
            + " stopped for this finding again.",
        "What was released before, or has been processed since, is left alone."
      })
  int release(
      @Mixin Broker broker,
      @Parameters(arity = "1..*", paramLabel = "N", description = "Numbers of letters.")
          List<Long> numbers) {
    return each(broker, numbers, DeadLetterReplay::release);
  }

  private int each(
      Broker broker,
      List<Long> numbers,
      BiFunction<DeadLetterReplay, Long, DeadLetterReplay.Result> action) {
    try (DeadLetterReplay replay =
        DeadLetterReplay.open(broker.bootstrap(), broker.codec(), Clock.systemUTC())) {
      for (long number : numbers) {
        spec.commandLine().getOut().println(action.apply(replay, number).what());
      }
    }
    return ExitCode.OK;
  }
}
