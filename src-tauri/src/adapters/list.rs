// The commands that the page may call, as MODULE::FUNCTION of `adapters`, each ending in a comma.
//
// This list is the only one: the handler (`adapters/mod.rs`) and the permissions (`build.rs`, which
// includes this file) are made from it. To add a command, write the function with
// `#[tauri::command]` in a module of `adapters`, and name it here.
macro_rules! with_commands {
    ($then:ident) => {
        $then! {
            app::media_base,
            dialogs::choose_file,
            dialogs::choose_folder,
            dialogs::choose_save,
            label::keys_bind,
            label::keys_reset,
            label::label_at,
            label::label_criteria,
            label::label_history,
            label::label_next,
            label::label_peek,
            label::label_progress,
            label::label_setup,
            label::label_skip,
            label::label_undo,
            label::label_vote,
            label::preferences_set,
            opening::annotator_leave,
            opening::annotator_pick,
            opening::annotators,
            opening::demo_open,
            opening::owner_set,
            opening::project_close,
            opening::project_new,
            opening::project_open,
            opening::recent_projects,
            opening::session_state,
            owner::agreement_run,
            owner::check_run,
            owner::disagreements_list,
            owner::export_run,
            owner::figure_save,
            owner::import_cancel,
            owner::import_preview,
            owner::import_run,
            owner::mapping_save,
            owner::project_info,
            owner::question_in_full,
            owner::text_copy,
            owner::votes_move,
            scene::scene_frame,
            scene::scene_load,
        }
    };
}
