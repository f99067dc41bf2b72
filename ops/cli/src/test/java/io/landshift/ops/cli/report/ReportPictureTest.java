package io.landshift.ops.cli.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.landshift.ops.cli.report.ReportContent.AlertOutline;
import io.landshift.ops.cli.report.ReportContent.AlertState;
import io.landshift.ops.cli.report.ReportContent.SceneDate;
import io.landshift.ops.cli.report.ReportContent.TrueColour;
import io.landshift.schemas.FailureReason;
import io.landshift.schemas.LandshiftException;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportPictureTest {
  private static final LocalDate START = LocalDate.of(2017, 3, 1);
  private static final LocalDate END = LocalDate.of(2021, 3, 1);

  /** Where the third panel begins, and how many pixels of the picture a pixel of the land is. */
  private static final int ALERTS_LEFT = 1228;

  private static final int TOP = 176;
  private static final double ZOOM = 564.0 / 40;

  @Test
  void equalContentGivesEqualPixels() {
    // given
    List<AlertOutline> alerts = new ArrayList<>(squares(30));

    // when
    BufferedImage first = ReportPicture.draw(content(alerts));
    Collections.shuffle(alerts, new Random(1));
    BufferedImage second = ReportPicture.draw(content(alerts));

    // then
    assertThat(pixels(second)).isEqualTo(pixels(first));
  }

  @Test
  void fillsConfirmedAlertsWithTheColourOfTheirDateAndLeavesHolesAndOthersOpen() {
    // given: late, confirmed, with a hole; and early, provisional
    AlertOutline confirmed =
        new AlertOutline(
            List.of(square(10, 10, 10), square(13, 13, 4)),
            AlertState.CONFIRMED,
            END.minusDays(60),
            END,
            9_000);
    AlertOutline provisional =
        new AlertOutline(List.of(square(25, 25, 8)), AlertState.PROVISIONAL, START, null, 6_400);

    // when
    BufferedImage picture = ReportPicture.draw(content(List.of(confirmed, provisional)));

    // then: the land is grey, the late alert red
    assertThat(redOverBlue(picture, 11.5, 18)).isGreaterThan(60);
    assertThat(redOverBlue(picture, 15, 15)).isBetween(-25, 25);
    assertThat(redOverBlue(picture, 29, 29)).isBetween(-25, 25);
    assertThat(redOverBlue(picture, 5, 35)).isBetween(-25, 25);
  }

  @Test
  void drawsNoAlertsManyAlertsAndUnseenGround() {
    // given
    TrueColour unseen = land(START, Float.NaN);
    ReportContent none =
        new ReportContent(
            "Nothing", "", unseen, unseen, 0, List.of(), List.of(new SceneDate(START, 0)), "");

    // when
    BufferedImage nothing = ReportPicture.draw(none);
    BufferedImage few = ReportPicture.draw(content(squares(5)));
    BufferedImage many = ReportPicture.draw(content(squares(1000)));

    // then: unseen ground is light grey, and a thousand rows are a picture still
    assertThat(nothing.getRGB(300, 400)).isEqualTo(0xFFD5D8DC);
    assertThat(few.getHeight()).isGreaterThan(nothing.getHeight());
    assertThat(many.getHeight()).isBetween(few.getHeight(), 5000);
  }

  @Test
  void theSameGroundLooksTheSameUnderHaze() {
    // given: the same land, once with a veil of 0.05 over it
    TrueColour clear = land(START, 0f);
    TrueColour hazy = land(END, 0.05f);

    // when
    Stretch stretch = Stretch.of(clear, hazy);

    // then
    int[] one = pixels(stretch.image(clear));
    int[] other = pixels(stretch.image(hazy));
    for (int i = 0; i < one.length; i++) {
      assertThat(Math.abs((one[i] & 0xFF) - (other[i] & 0xFF))).isLessThanOrEqualTo(1);
    }
  }

  @Test
  void aCloudyImageDoesNotTurnTheOtherBlack() {
    // given
    TrueColour clear = land(START, 0f);
    float[] white = new float[clear.red().length];
    for (int i = 0; i < white.length; i++) {
      white[i] = i % 2 == 0 ? 0.02f : 0.9f;
    }
    TrueColour cloudy = new TrueColour(END, clear.width(), clear.height(), white, white, white);

    // when
    int[] alone = pixels(Stretch.of(clear, clear).image(clear));
    int[] beside = pixels(Stretch.of(clear, cloudy).image(clear));

    // then
    assertThat(brightness(beside)).isGreaterThan(0.5 * brightness(alone));
  }

  @Test
  void refusesImagesOfDifferentGround() {
    // given
    TrueColour land = land(START, 0f);
    TrueColour other = new TrueColour(END, 1, 1, new float[1], new float[1], new float[1]);

    // when, then
    assertThatThrownBy(() ->
            new ReportContent(
                "", "", land, other, 10, List.of(), List.of(new SceneDate(START, 1)), ""))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void saysThatThePictureCannotBeWritten(@TempDir Path folder) {
    // given
    Path file = folder.resolve("missing/report.png");

    // when, then
    assertThatThrownBy(() -> ReportPicture.write(content(List.of()), file))
        .isInstanceOfSatisfying(
            LandshiftException.class,
            e -> assertThat(e.reason()).isEqualTo(FailureReason.STORAGE_UNAVAILABLE));
  }

  private static ReportContent content(List<AlertOutline> alerts) {
    List<SceneDate> scenes = new ArrayList<>();
    for (LocalDate date = START; !date.isAfter(END); date = date.plusDays(30)) {
      scenes.add(new SceneDate(date, 0.5));
    }
    scenes.add(new SceneDate(END, 1));
    return new ReportContent(
        "Title", "Subtitle", land(START, 0f), land(END, 0f), 10, alerts, scenes, "Attribution");
  }

  /** 40 x 40 pixels of grey ground, with some texture. */
  private static TrueColour land(LocalDate date, float haze) {
    float[] plane = new float[40 * 40];
    for (int i = 0; i < plane.length; i++) {
      plane[i] = 0.03f + (i * 31 % 17) / 200f + haze;
    }
    return new TrueColour(date, 40, 40, plane, plane.clone(), plane.clone());
  }

  private static List<AlertOutline> squares(int count) {
    List<AlertOutline> alerts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      LocalDate first = START.plusDays(i * 37L % 1400);
      AlertState state = AlertState.values()[i % 3];
      alerts.add(
          new AlertOutline(
              List.of(square(i * 13 % 37, i * 7 % 37, 2)),
              state,
              first,
              state == AlertState.PROVISIONAL ? null : first.plusDays(20),
              400 + i));
    }
    return alerts;
  }

  private static double[] square(double x, double y, double side) {
    return new double[] {x, y, x + side, y, x + side, y + side, x, y + side, x, y};
  }

  /** Red minus blue of the alert map at a place of the land. */
  private static int redOverBlue(BufferedImage picture, double column, double row) {
    int colour = picture.getRGB((int) (ALERTS_LEFT + column * ZOOM), (int) (TOP + row * ZOOM));
    return (colour >> 16 & 0xFF) - (colour & 0xFF);
  }

  private static double brightness(int[] pixels) {
    double sum = 0;
    for (int pixel : pixels) {
      sum += pixel & 0xFF;
    }
    return sum / pixels.length;
  }

  private static int[] pixels(BufferedImage image) {
    return image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
  }
}
