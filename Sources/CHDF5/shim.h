// The functions of libhdf5, and those of its macros that Swift can't see, as functions.
#pragma once

// Debian keeps the serial library beside those for MPI.
#if __has_include(<hdf5/serial/hdf5.h>)
#include <hdf5/serial/hdf5.h>
#else
#include <hdf5.h>
#endif

static inline hid_t hdf5_file_access_class(void) { return H5P_FILE_ACCESS; }

static inline hid_t hdf5_file_creation_class(void) { return H5P_FILE_CREATE; }

static inline hid_t hdf5_dataset_creation_class(void) { return H5P_DATASET_CREATE; }

static inline unsigned hdf5_truncate(void) { return H5F_ACC_TRUNC; }

static inline hid_t hdf5_all(void) { return H5S_ALL; }

static inline hid_t hdf5_float32(void) { return H5T_IEEE_F32LE; }

static inline hid_t hdf5_c_string(void) { return H5T_C_S1; }

/// 1 if the link at a place of a group leads to an object of the same file, 0 if it leads elsewhere, below 0 if it can't be read.
static inline int hdf5_link_is_hard(hid_t group, hsize_t place) {
  H5L_info_t info;
  herr_t status = H5Lget_info_by_idx(group, ".", H5_INDEX_NAME, H5_ITER_INC, place, &info, H5P_DEFAULT);
  return status < 0 ? status : info.type == H5L_TYPE_HARD;
}
