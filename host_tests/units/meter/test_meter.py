"""Burst sums to power: against the same power in floating point, and no sum past a 32-bit small int."""

from evse.app.boards import least_reference, middle_counts, room_counts, scale_uw, ua_per_count
from evse.meter.burst import BURST_TURN, MAX_STEPS, Sums
from evse.meter.power import SINE, Calibration, Lock, Power, angle, magnitude, root, sine

ADC_UV_PER_COUNT = 806  # ESP-IDF line fit at 11 dB

SMALL_INT_MAX = (1 << 30) - 1
REFERENCE = (3000, 2000, 22000)  # phase_uv_per_v, ct_turns, ct_burden_mohm
SCALES = (ua_per_count(2000, 22000), scale_uw(*REFERENCE), 230)
STEPS = 64
BY_STEP = (
    0, 98, 195, 290, 383, 471, 556, 634, 707, 773, 831, 882, 924, 957, 981, 995, 1000,
)  # sin(2 pi n / 64) * 1000, a quarter written out  # fmt: skip


def sine_x1000(step):
    """sin(2 pi step / 64) * 1000."""
    step %= STEPS
    if step >= 32:
        return -sine_x1000(step - 32)
    return BY_STEP[step if step <= 16 else 32 - step]


def burst(volt_counts, ampere_counts, lag=0, start=0, volt_offset=0, ampere_offset=0):
    """Sums of one cycle of 64 pairs as the driver makes them, and the exact mean of (v - mean v)(i - mean i)."""
    sums = Sums()
    sums.weight = 16 * STEPS
    exact = 0
    for step in range(STEPS):
        v = 2 * (volt_counts * sine_x1000(step + start) // 1000 + volt_offset)
        i = ampere_counts * sine_x1000(step + start - lag) // 1000 + ampere_offset
        s, c = SINE[step * 4], SINE[step * 4 + 64]
        sums.sum_v += v
        sums.sum_i += 2 * i
        sums.sum_ii += 4 * i * i >> 4
        sums.sum_vi += 2 * v * i >> 4
        sums.v_sin += v * s
        sums.v_cos += v * c
        sums.i_sin += 2 * i * s
        sums.i_cos += 2 * i * c
        exact += (v // 2 - volt_offset) * (i - ampere_offset)
    return sums, exact / STEPS


def test_scale_is_one_count_of_volts_times_one_of_amperes():
    for phase_uv_per_v, ct_turns, ct_burden_mohm in (REFERENCE, (2000, 1000, 10000), (5000, 3000, 33000)):
        volts = ADC_UV_PER_COUNT / phase_uv_per_v
        amperes = ADC_UV_PER_COUNT / 1000 * ct_turns / ct_burden_mohm
        exact_uw = volts * amperes * 1000000
        got_uw = scale_uw(phase_uv_per_v, ct_turns, ct_burden_mohm)
        assert abs(got_uw - exact_uw) < exact_uw / 1000, (phase_uv_per_v, got_uw, exact_uw)
        assert abs(ua_per_count(ct_turns, ct_burden_mohm) - amperes * 1000000) <= 1


def test_a_product_is_the_mean_power_without_the_offsets_whatever_the_phase():
    for ampere_counts in (0, 20, 200, 1300):
        for lag in (0, 8, 16, 24, 32, 48):
            for start in (0, 7, 33):
                for volt_offset, ampere_offset in ((0, 0), (60, 0), (0, 60), (-60, 40)):
                    sums, exact = burst(1210, ampere_counts, lag, start, volt_offset, ampere_offset)
                    power = Power(*SCALES)
                    power.add_product(sums)
                    power.work_out()
                    exact_dw = exact * SCALES[1] / 100000
                    case = (ampere_counts, lag, start, volt_offset, ampere_offset, power.active_dw, exact_dw)
                    assert abs(power.active_dw - exact_dw) <= 30 + abs(exact_dw) / 500, case


def test_a_phase_alone_gives_nominal_volts_times_the_current_in_phase_and_a_quarter_behind():
    for ampere_counts in (0, 20, 200, 1300):
        for lag in (0, 8, 16, 32, 48):
            for start in (0, 7, 33, 50):
                sums, _ = burst(1000, ampere_counts, lag, start)
                power = Power(*SCALES)
                power.add_locked(sums, angle(sums.v_cos // sums.weight, sums.v_sin // sums.weight))
                power.work_out()
                full_dw = 2300 * ampere_counts / 1.41421 * SCALES[0] / 1000000
                expected = (full_dw * sine_x1000(lag + 16) / 1000, full_dw * sine_x1000(lag) / 1000)
                case = (ampere_counts, lag, start, power.active_dw, power.reactive_dw, expected)
                assert abs(power.active_dw - expected[0]) <= 30 + full_dw / 200, case
                assert abs(power.reactive_dw - expected[1]) <= 30 + full_dw / 200, case


def test_without_a_reference_all_current_counts_as_import():
    for lag in (0, 10, 32, 50):
        sums, _ = burst(1000, 500, lag)
        power = Power(*SCALES)
        power.add_unsigned(sums)
        power.work_out()
        full_dw = 2300 * 500 / 1.41421 * SCALES[0] / 1000000
        assert abs(power.active_dw - full_dw) < full_dw / 20 and power.reactive_dw == 0


def test_the_whole_current_is_counted_harmonics_and_all():
    for ampere_counts in (0, 100, 1300):
        sums, _ = burst(1000, ampere_counts, 0, 0, 0, 30)
        power = Power(*SCALES)
        power.add_product(sums)
        power.work_out()
        assert abs(power.rms_ma() - ampere_counts / 1.41421 * SCALES[0] / 1000) < 600  # 8 counts: a guard, no meter


def test_a_mean_begins_anew_after_it_was_worked_out():
    power = Power(*SCALES)
    power.work_out()
    assert (power.active_dw, power.reactive_dw, power.rms_ma(), power.taken) == (0, 0, 0, 0)
    power.add_product(burst(1210, 200)[0])
    power.add_product(burst(1210, 400)[0])
    power.work_out()
    both_dw = power.active_dw
    power.add_product(burst(1210, 300)[0])
    power.work_out()
    assert abs(both_dw - power.active_dw) < both_dw / 100 and power.taken == 1


def test_what_is_made_of_the_sums_at_full_scale_stays_a_small_int():
    i = v = 2 * max(4095 - middle_counts(1000), middle_counts(1600))  # the ends of the bias a board may have
    peak = max(SINE)
    cut = 16
    for product in (v * peak * cut, v * i * cut, i * i * cut, v * 256 * MAX_STEPS):
        assert product <= SMALL_INT_MAX
    lock = Lock()
    lock.frequency_mhz = 65000
    assert (1000000 // 45 + 3000) * lock.rate <= SMALL_INT_MAX, "a cycle of 45 Hz and a stall of 3 ms after its end"
    assert len(SINE) >= (BURST_TURN >> 20) + 64 + 16


def test_what_follows_from_the_sums_of_straight_readings_stays_small_too():
    for bias_mv in (1000, 1300, 1600):
        room = room_counts(bias_mv)
        i_64 = room * 64
        v_1 = 4095 - middle_counts(bias_mv)
        assert (2 * v_1 * 2 * room >> 4) * MAX_STEPS * 2 <= SMALL_INT_MAX
        assert 2 * i_64 * max(SINE) <= SMALL_INT_MAX
        assert v_1 * i_64 * 2 <= SMALL_INT_MAX
        assert (v_1 * 64 << 12) <= SMALL_INT_MAX  # angle()
    assert SMALL_INT_MAX >= 450000 * 1024 * 2  # a rotation of 45 kVA
    assert root(SMALL_INT_MAX >> 6) == 4095


def test_the_middle_is_the_count_of_the_bias_and_the_room_ends_at_the_curve():
    for bias_mv in (1000, 1300, 1600):
        middle = middle_counts(bias_mv)
        assert abs(142 + 0.806 * middle - bias_mv) < 0.806, bias_mv
        assert middle - room_counts(bias_mv) >= 1 and middle + room_counts(bias_mv) < 2880


def test_a_living_reference_has_the_peak_of_100_v():
    for phase_uv_per_v in (1000, 3000, 5000):
        peak = phase_uv_per_v * 141.421 / ADC_UV_PER_COUNT
        assert peak - 3 <= least_reference(phase_uv_per_v) <= peak, phase_uv_per_v


def test_a_vector_s_length_is_at_most_4_percent_wrong_and_a_root_is_rounded_down():
    for x, y, length in ((3, 4, 5), (-300, 400, 500), (5000, -12000, 13000), (700, 700, 990), (0, 80, 80)):
        assert abs(magnitude(x, y) - length) <= 1 + length / 25, (x, y)
    for square in (0, 1, 2, 3, 4, 99, 100, 101, 16777215):
        assert root(square) ** 2 <= square < (root(square) + 1) ** 2


def test_sines_and_angles_are_those_of_a_circle():
    for step in range(STEPS):
        angle_ut = step * 1000000 // STEPS
        assert abs(sine(angle_ut) - 1.024 * sine_x1000(step)) < 2
        got_ut = angle(100 * sine_x1000(step), 100 * sine_x1000(step + 16))
        assert abs((got_ut - angle_ut + 500000) % 1000000 - 500000) < 900, (step, got_ut)
    for y in (-3000, -500, 0, 10, 3000):
        assert abs(angle(y, 100000) - y * 1.59155) < 40, y  # 0.014 degrees near the axis
    assert angle(0, 0) == 0


def test_a_calibration_turns_scales_and_shifts():
    calibration = Calibration()
    assert calibration.true_w(23000, 5000, 1000000) == 2300
    assert calibration.true_w(-23000, 5000, 1000000) == -2300
    calibration.zero_active_dw, calibration.zero_reactive_dw = 120, -80
    assert abs(calibration.true_w(23120, -80, 1000000) - 2300) <= 1
    calibration.low_ut = calibration.high_ut = 27778  # 10 degrees: a resistive 2300 W seems to lag
    assert abs(calibration.true_w(22651 + 120, 3994 - 80, 1000000) - 2300) <= 2
    calibration.gain_ppm = 1100000
    assert abs(calibration.true_w(22651 + 120, 3994 - 80, 1000000) - 2530) <= 2
    assert abs(calibration.true_w(22651 + 120, 3994 - 80, -1000000) + 2530) <= 2
    calibration.is_flipped = 1
    assert abs(calibration.true_w(22651 + 120, 3994 - 80, -1000000) - 2530) <= 2
    assert abs(calibration.plain_w(23000 + 120, 1000000) + 2530) <= 2


def test_the_phase_runs_through_both_points_and_not_far_beyond():
    calibration = Calibration()
    calibration.low_ut, calibration.low_dva = 9000, 8000
    calibration.high_ut, calibration.high_dva = 5000, 50000
    assert abs(calibration.lag_ut(8000) - 9000) <= 20
    assert abs(calibration.lag_ut(50000) - 5000) <= 20
    assert 5000 < calibration.lag_ut(20000) < 9000
    assert 9000 < calibration.lag_ut(1) <= 5000 + 3 * 4000
    assert 5000 - 2 * 4000 <= calibration.lag_ut(400000) < 5000
