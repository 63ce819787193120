// Everything of Ranvier's C++ interface.
#pragma once

#include "ranvier/custom_operator.h"
#include "ranvier/error.h"
#include "ranvier/model.h"
#include "ranvier/session.h"
#include "ranvier/tensor.h"
