#!/bin/sh
exec seal render --krm
