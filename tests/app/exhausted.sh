#!/usr/bin/env bash
# exhausted.sh PROGRAM WORK_FOLDER SOURCE_TREE: threads and the graphics device's memory run out, wherever that falls:
# one sentence, exit code 1, no hang, nothing of an earlier result lost. FEW_THREADS, REFUSING_VULKAN: the libraries that
# refuse them.
source "$(dirname "${BASH_SOURCE[0]}")/on_display.sh" 1280x800 "$@"
source "$(dirname "${BASH_SOURCE[0]}")/common.sh" "$@"

# ends CODES TEXT command...: within a minute, with one of the exit codes; where it is 1, one error says TEXT.
ends() {
  local codes="$1" text="$2"
  shift 2
  timeout -k 1 60 "$@" > out 2> err
  local code=$?
  case " $codes " in *" $code "*) ;; *) fail "exit code $code instead of $codes: $*: $(cat err)" ;; esac
  ((code == 1)) || return 0
  [[ "$(grep -c '^error' err)" == 1 ]] || fail "not one error: $*: $(cat err)"
  grep -qE "^error: .*$text.*\.$" err || fail "\"$text\" is not in what it said: $*: $(cat err)"
}

threads() { ends "$1" "threads can be started.*ulimit -u" env LD_PRELOAD="$FEW_THREADS" FALLLINE_TEST_THREADS="$2" "${@:3}"; }

lesson=("$source_dir/scenes/first-light.toml" --set train.epochs=1 --set data.image_size=16 --set "data.phantom_counts=[6, 6]"
        --set train.threads=3 --set landscape.grid=9)
# What works with one thread works without another.
threads 0 0 "$program" data "${lesson[@]}" -o images
threads 0 0 "$program" train "${lesson[@]}" --set train.threads=1 --out one
threads 1 0 "$program" train "${lesson[@]}" --out three
grep -q "Only 1 of 3 threads.*set train.threads = 1" err || fail "no advice: $(cat err)"
expect_code 0 "$program" train "${lesson[@]}" --out three
threads 0 0 "$program" classify three images/Hemorrhage
# From none to more than enough, a picture either comes or is refused before it is begun.
drawn=0
for most in 0 1 2 3 4 5 8 11 14 400; do
  threads "0 1" "$most" "$program" render "${lesson[@]}" --size 320x240 -o "threads$most.png"
  [[ -s "threads$most.png" ]] && drawn=$((drawn + 1))
done
[[ -s threads400.png && ! -e threads0.png ]] || fail "drawn with the wrong numbers of threads"
for most in 0 2 4 8; do threads 1 "$most" "$program" "${lesson[@]}"; done

# refused CALL AT RESULT TEXT command...
refused() {
  ends 1 "$4" env LD_PRELOAD="$REFUSING_VULKAN" FALLLINE_TEST_REFUSE="$1" FALLLINE_TEST_REFUSE_AT="$2" \
    FALLLINE_TEST_RESULT="$3" "${@:5}"
  if grep -q "mistake in the program" err; then fail "a mistake of ours: $(cat err)"; fi
}
surface=("$source_dir/scenes/two-parameters.toml")
picture=("$program" render "${surface[@]}" --size 320x240)
device_memory="VK_ERROR_OUT_OF_DEVICE_MEMORY.*smaller picture.*--device"
host_memory="VK_ERROR_OUT_OF_HOST_MEMORY.*close other programs"
# A film that is there outlives one that nothing can be drawn of.
expect_code 0 "${picture[@]}" -o film --fps 2 --seconds 1
for call in vkCreateInstance vkEnumeratePhysicalDevices vkCreateDevice vkCreateCommandPool vkCreateBuffer vkCreateImage \
            vkCreateImageView vkCreateSampler vkCreateSemaphore vkCreateShaderModule vkCreateDescriptorPool \
            vkCreateDescriptorSetLayout vkCreatePipelineLayout vkCreateComputePipelines vkCreateGraphicsPipelines \
            vkAllocateCommandBuffers vkAllocateDescriptorSets vkAllocateMemory vkMapMemory vkBindBufferMemory \
            vkBindImageMemory vkBeginCommandBuffer; do
  refused "$call" 1 -1 "$host_memory" "${picture[@]}" -o film --replace --fps 2 --seconds 1
  [[ -s film/frame-00001.png ]] || fail "$call: the earlier film is gone"
done
for call in vkCreateImage vkAllocateMemory vkCreateBuffer; do
  for at in 2 4 8; do refused "$call" "$at" -2 "$device_memory" "${picture[@]}" -o a.png; done
done
refused vkAllocateMemory 3 -10 "VK_ERROR_TOO_MANY_OBJECTS.*close other programs" "${picture[@]}" -o a.png
refused vkMapMemory 1 -5 "VK_ERROR_MEMORY_MAP_FAILED.*smaller picture" "${picture[@]}" -o a.png
refused vkAllocateDescriptorSets 1 -1000069000 "VK_ERROR_OUT_OF_POOL_MEMORY" "${picture[@]}" -o a.png
refused vkQueueSubmit2 1 -4 "The graphics device was lost .*--device" "${picture[@]}" -o a.png
[[ ! -e a.png ]] || fail "a picture of nothing"

# While the window opens, and while it draws: the run is saved.
for call in vkCreateSwapchainKHR vkGetSwapchainImagesKHR vkAcquireNextImageKHR vkQueuePresentKHR vkCreateFramebuffer \
            vkCreateRenderPass vkResetCommandPool vkEndCommandBuffer vkAllocateMemory; do
  refused "$call" 1 -2 "$device_memory" "$program" "${lesson[@]}"
done
mkdir place  # common.sh's own files are called out and err
# The fortieth picture is one of the lesson: while it loads there are ten a second at most.
refused vkQueuePresentKHR 40 -2 "$device_memory; the run is saved in out/first-light-saved" \
  env -C place "$program" "${lesson[@]}" --set view.autoplay=true --set view.steps_per_second=30 --set train.epochs=900
[[ -s place/out/first-light-saved/weights.safetensors ]] || fail "the weights are not saved"
finish
