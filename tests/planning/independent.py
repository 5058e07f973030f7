"""An integration of a jump that shares nothing with the program: Newton's law over time, DOP853 at 1e-12."""

import numpy as np
from scipy.integrate import solve_ivp
from scipy.optimize import brentq

GRAVITY = 9.80665


def along(velocity, drag):
    return -drag * np.hypot(*velocity) * velocity


def by_component(velocity, drag):
    return -drag * np.abs(velocity) * velocity


def jump(speed, angle, drag, distance, law=along, gravity=GRAVITY):
    """Return height [m], level and vertical speed [m/s] and time [s] at a level distance."""

    def rates(_, state):
        return [*state[2:], *(np.array([0.0, -gravity]) + law(state[2:], drag))]

    def there(_, state):
        return state[0] - distance

    there.terminal = True
    start = [0.0, 0.0, speed * np.cos(angle), speed * np.sin(angle)]
    done = solve_ivp(rates, (0.0, 60.0), start, events=there, method="DOP853", rtol=1e-12, atol=1e-12)
    return done.y[1, -1], done.y[2, -1], done.y[3, -1], done.t[-1]


def jump_to(distance, up, angle, drag, law=along, gravity=GRAVITY):
    """Return the takeoff speed that passes through a point [m/s], and the jump there."""
    below = distance * np.tan(angle) - up
    vacuum = np.sqrt(gravity / (2.0 * below)) * distance / np.cos(angle)
    speed = brentq(lambda v: jump(v, angle, drag, distance, law, gravity)[0] - up, 0.9 * vacuum, 3.0 * vacuum, xtol=1e-12)
    return speed, jump(speed, angle, drag, distance, law, gravity)
